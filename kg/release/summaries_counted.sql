-- What several plans have, counted once.
DROP TABLE IF EXISTS phrase;
CREATE TABLE phrase AS
  SELECT number, count(DISTINCT plan) AS plans, min(rowid) AS first FROM wording GROUP BY number;
CREATE INDEX index_phrase ON phrase (plans);

-- A wording that twelve plans have is common to all, and tells nothing of two of them.
DROP TABLE IF EXISTS pair;
CREATE TABLE pair AS
  WITH held AS (
    SELECT number, wording.plan, min(wording.rowid) AS at FROM wording JOIN phrase USING (number)
    WHERE plans <= 12 GROUP BY number, wording.plan)
  SELECT a.plan AS one, b.plan AS other, count(*) AS shared
  FROM held a JOIN held b ON a.number = b.number AND a.at < b.at GROUP BY a.plan, b.plan;
CREATE INDEX index_pair ON pair (shared DESC, one, other);

DROP TABLE IF EXISTS indicator_name;
CREATE TABLE indicator_name AS
  SELECT same, min(name) AS name, count(DISTINCT plan) AS plans
  FROM indicator WHERE same != '' GROUP BY same HAVING plans > 1;
CREATE INDEX index_indicator_name ON indicator_name (plans);

DROP TABLE IF EXISTS institution_key;
CREATE TABLE institution_key AS
  SELECT key, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans,
    sum(measures) AS measures
  FROM institution WHERE key != '' GROUP BY key HAVING plans > 1;
CREATE INDEX index_institution_key_type ON institution_key (type, plans);

-- Those of a name that all have keys are told apart by them, 市委 of two cities are two, but where
-- a key tells within its area alone.
DROP TABLE IF EXISTS institution_name;
CREATE TABLE institution_name AS
  SELECT same, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans,
    sum(measures) AS measures
  FROM institution GROUP BY same
  HAVING plans > 1 AND (min(key) = ''
    OR count(DISTINCT key) > 1 AND max(instr(key, ' ~')) > 0);

DROP TABLE IF EXISTS zone_key;
CREATE TABLE zone_key AS
  SELECT key, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans,
    sum(measures) AS measures
  FROM zone WHERE key != '' GROUP BY key HAVING plans > 1;
CREATE INDEX index_zone_key_type ON zone_key (type, plans);

DROP TABLE IF EXISTS zone_name;
CREATE TABLE zone_name AS
  SELECT same, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans,
    sum(measures) AS measures
  FROM zone GROUP BY same
  HAVING plans > 1 AND (min(key) = ''
    OR count(DISTINCT key) > 1 AND max(instr(key, ' ~')) > 0);
