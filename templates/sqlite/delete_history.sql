DELETE FROM {{ table }} WHERE "version_num" IN ({{ revisions }});
