PRAGMA foreign_keys = {{ state }};
