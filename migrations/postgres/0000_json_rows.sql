-- Lets one SQL text read rows that travel as one JSON parameter on both databases (src/decisions/0002).

create function json_each(rows text) returns table (value jsonb) language sql immutable parallel safe
    as $$ select jsonb_array_elements(rows::jsonb) $$;
