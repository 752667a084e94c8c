DROP EXTENSION {{ extension }};
