DROP VIEW {{ view }};
