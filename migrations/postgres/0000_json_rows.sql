-- Lets one SQL text read rows that travel as one JSON parameter on both databases (src/decisions/0002).

create function json_each(rows text) returns table (value jsonb) language sql immutable parallel safe
    as $$ select jsonb_array_elements(rows::jsonb) $$;
-- SQLite's jsonb_each hands a row on as parsed, json_each as text to be parsed again (src/decisions/0005). Here they are the same.
create function jsonb_each(rows text) returns table (value jsonb) language sql immutable parallel safe
    as $$ select jsonb_array_elements(rows::jsonb) $$;
