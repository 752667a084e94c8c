INSERT INTO {{ table }} (version_num)
VALUES {% for revision in revisions %}({{ revision }}){% if !loop.last %}, {% endif %}{% endfor %};
