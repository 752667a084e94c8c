INSERT OR ROLLBACK INTO temp."offprint_marks" ("mark")
SELECT count(*) = {{ wanted }} FROM temp."offprint_marks";