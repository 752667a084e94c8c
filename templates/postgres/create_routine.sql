{{ verb }} {{ kind }} {{ routine }}({{ arguments }})
{%- for option in options %}
    {{ option }}
{%- endfor %}
    {{ body }};
