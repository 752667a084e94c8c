REVOKE {{ option }}{{ privileges }} ON {{ object }} FROM {{ role }};
