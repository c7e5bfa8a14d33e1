// Package team knows the people who work with Kartoteka and the company they
// work for: company settings, people and teams, sign-in, programs with tokens,
// and who may do what.
//
// Nouns: Company (one), Person, Team, Session (one signed-in browser), Link (an
// invitation or a password reset: single use, expiring), Token (a program's
// key), the matrix of rights (role × permission, role × field).
//
// Tables: team_company (one row; its version grows with every change of what
// is remembered in memory), team_people, team_teams, team_members,
// team_recovery_codes, team_sessions, team_browsers (known ones), team_links,
// team_attempts (failed sign-ins), team_tokens, team_role_rights, team_field_rights.
//
// What is stored of secrets: passwords as argon2id, everything else that is
// handed out (sessions, links, tokens, recovery codes) as SHA-256 of at least
// 80 random bits. The key of one-time codes is stored as it is, because the
// server must compute the codes: whoever can read the database file can
// compute them too, but still lacks the password. No secret ever reaches the
// journal.
//
// Company, people, teams and rights are few and asked for in every request:
// each node keeps them in memory (see snapshot.go) and learns of changes made
// elsewhere with the next request, or within two seconds.
//
// Events out, handled in the same transaction (events.go): PersonDeactivated,
// LinkCreated, AccessChanged. Jobs: Sweep removes what has expired; once a day
// is enough. SendReset makes the reset link someone asked for.
package team
