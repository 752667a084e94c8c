DROP INDEX {{ online }}{{ index }};
