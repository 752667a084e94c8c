DROP TRIGGER {{ name }};
