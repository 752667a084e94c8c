DROP TABLE {{ helper }};
