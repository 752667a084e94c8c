GRANT {{ privileges }} ON {{ object }} TO {{ role }}{{ option }};
