ALTER DOMAIN {{ name }} {{ action }};
