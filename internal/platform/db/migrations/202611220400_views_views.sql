-- +goose Up
CREATE TABLE views_views (
  id        {{id}},
  version   BIGINT NOT NULL,
  list      TEXT NOT NULL,
  name      TEXT NOT NULL,
  owner_id  BIGINT NOT NULL REFERENCES team_people (id),
  shared    TEXT NOT NULL CHECK (shared IN ('private', 'team', 'everyone')),
  team_id   BIGINT REFERENCES team_teams (id),
  filter    TEXT NOT NULL,
  sort      TEXT NOT NULL,
  columns   {{json}} NOT NULL,
  CHECK ((shared = 'team') = (team_id IS NOT NULL))
);
CREATE INDEX views_views_list ON views_views (list, id);

-- How a person arranges a list: the order of its views, which one opens first,
-- and the columns when no view is open.
CREATE TABLE views_arrangements (
  person_id     BIGINT NOT NULL REFERENCES team_people (id),
  list          TEXT NOT NULL,
  first_view    TEXT NOT NULL,
  view_order    {{json}} NOT NULL,
  columns       {{json}} NOT NULL,
  PRIMARY KEY (person_id, list)
);
