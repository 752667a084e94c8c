PRAGMA legacy_alter_table = ON;
{%- for (from, to) in tables %}
ALTER TABLE {{ from }} RENAME TO {{ to }};
{%- endfor %}
PRAGMA legacy_alter_table = OFF;
