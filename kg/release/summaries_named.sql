-- The institutions or the zones (KIND) that several plans name, counted once.
DROP TABLE IF EXISTS KIND_key;
CREATE TABLE KIND_key AS
  SELECT key, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans,
    sum(measures) AS measures
  FROM KIND WHERE key != '' GROUP BY key HAVING plans > 1;
CREATE INDEX index_KIND_key_type ON KIND_key (type, plans);

-- Those of a name that all have keys are told apart by them, 市委 of two cities are two, but where
-- a key tells within its area alone.
DROP TABLE IF EXISTS KIND_name;
CREATE TABLE KIND_name AS
  SELECT same, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans,
    sum(measures) AS measures
  FROM KIND GROUP BY same
  HAVING plans > 1 AND (min(key) = ''
    OR count(DISTINCT key) > 1 AND max(instr(key, ' ~')) > 0);
