CREATE TRIGGER {{ trigger }}
{{ definition }};
