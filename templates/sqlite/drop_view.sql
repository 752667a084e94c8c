DROP VIEW {{ name }};
