INSERT INTO {{ table }} ("version_num") VALUES ({{ revision }});
