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
