-- Long work somebody started in the web office: what, how it stands, and what it answered.

create table job (
    county text not null,
    job text not null,
    user_name text not null,
    place text not null,
    command text not null,
    fields text not null,
    state text not null check (state in ('running', 'done', 'refused', 'failed', 'interrupted')),
    started_at text not null,
    ended_at text,
    answer text,
    primary key (county, job)
);
create index job_by_user on job (county, user_name, started_at);
