DROP {{ kind }} {{ routine }};
