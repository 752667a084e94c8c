ALTER TABLE {{ table }} ADD {{ definition }};
