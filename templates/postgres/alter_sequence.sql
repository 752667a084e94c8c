ALTER SEQUENCE {{ sequence }}
{%- for option in options %}
    {{ option }}
{%- endfor %};