ALTER VIEW {{ view }} {{ action }};
