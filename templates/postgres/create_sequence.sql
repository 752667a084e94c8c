CREATE SEQUENCE {{ sequence }}
    AS {{ number_type }}
{%- for option in options %}
    {{ option }}
{%- endfor %};