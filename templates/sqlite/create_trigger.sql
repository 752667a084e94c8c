CREATE TRIGGER {{ name }}
{{ definition }};
