CREATE TABLE IF NOT EXISTS {{ table }} (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT {{ primary_key }} PRIMARY KEY (version_num)
);
