-- What questions look up, once the tables are filled.
CREATE INDEX index_indicator_same ON indicator (same);
CREATE INDEX index_indicator_quantity ON indicator (quantity);
CREATE INDEX index_indicator_plan ON indicator (plan);
CREATE INDEX index_institution_key ON institution (key);
CREATE INDEX index_institution_same ON institution (same);
CREATE INDEX index_institution_plan ON institution (plan);
CREATE INDEX index_counted_on_institution ON counted_on (institution);
CREATE INDEX index_counted_on_plan ON counted_on (plan);
CREATE INDEX index_zone_key ON zone (key);
CREATE INDEX index_zone_same ON zone (same);
CREATE INDEX index_zone_plan ON zone (plan);
CREATE INDEX index_located_in_zone ON located_in (zone);
CREATE INDEX index_located_in_plan ON located_in (plan);
CREATE INDEX index_wording_number ON wording (number, plan);
CREATE INDEX index_wording_passage ON wording (plan, passage);
CREATE INDEX index_plan_area ON plan (area);
CREATE INDEX index_plan_path ON plan (path);
