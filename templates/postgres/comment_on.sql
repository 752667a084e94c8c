COMMENT ON {{ object }} IS {{ comment }};
