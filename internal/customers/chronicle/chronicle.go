// Package chronicle tells what the entries of the journal are about: for every
// kind that the program writes it has a title, and the module it belongs to.
package chronicle

import "slices"

// Group is the kinds of one module.
type Group struct {
	Module string // as kinds begin: "customers"
	Label  string // locale id
	Kinds  []Kind
}

// Kind is one kind of entry.
type Kind struct {
	Name  string // "customers.created"
	Title string // locale id of what happened; it may take Name
}

// Groups are all kinds, in the order people look for them.
var Groups = []Group{
	{"customers", "customers.entry.group-customers", []Kind{
		{"customers.created", "customers.timeline.created"},
		{"customers.changed", "customers.timeline.changed"},
		{"customers.archived", "customers.timeline.archived"},
		{"customers.restored", "customers.timeline.restored"},
		{"customers.erased", "customers.timeline.erased"},
		{"customers.merged", "customers.timeline.merged"},
		{"customers.merged_away", "customers.timeline.merged-away"},
		{"customers.unmerged", "customers.timeline.unmerged"},
		{"customers.parted", "customers.timeline.parted"},
		{"customers.undone", "customers.timeline.undone"},
		{"customers.contact_added", "customers.timeline.contact-added"},
		{"customers.contact_changed", "customers.timeline.contact-changed"},
		{"customers.contact_removed", "customers.timeline.contact-removed"},
		{"customers.point_added", "customers.timeline.point-added"},
		{"customers.point_changed", "customers.timeline.point-changed"},
		{"customers.point_removed", "customers.timeline.point-removed"},
		{"customers.address_added", "customers.timeline.address-added"},
		{"customers.address_changed", "customers.timeline.address-changed"},
		{"customers.address_removed", "customers.timeline.address-removed"},
		{"customers.date_added", "customers.timeline.date-added"},
		{"customers.date_changed", "customers.timeline.date-changed"},
		{"customers.date_removed", "customers.timeline.date-removed"},
		{"customers.tags_changed", "customers.timeline.tags-changed"},
		{"customers.consent_added", "customers.timeline.consent-added"},
		{"customers.note_added", "customers.timeline.note-added"},
		{"customers.note_changed", "customers.timeline.note-changed"},
		{"customers.note_removed", "customers.timeline.note-removed"},
		{"customers.note_restored", "customers.timeline.note-restored"},
		{"customers.note_pinned", "customers.timeline.note-pinned"},
		{"customers.note_unpinned", "customers.timeline.note-unpinned"},
		{"customers.file_added", "customers.timeline.file-added"},
		{"customers.file_removed", "customers.timeline.file-removed"},
		{"customers.file_restored", "customers.timeline.file-restored"},
		{"customers.tag_added", "customers.timeline.tag-added"},
		{"customers.tag_changed", "customers.timeline.tag-changed"},
		{"customers.tag_joined", "customers.timeline.tag-joined"},
		{"customers.tag_parted", "customers.timeline.tag-parted"},
		{"customers.tag_removed", "customers.timeline.tag-removed"},
		{"customers.source_added", "customers.timeline.source-added"},
		{"customers.source_changed", "customers.timeline.source-changed"},
		{"customers.source_joined", "customers.timeline.source-joined"},
		{"customers.source_parted", "customers.timeline.source-parted"},
		{"customers.source_removed", "customers.timeline.source-removed"},
	}},
	{"duplicates", "customers.entry.group-duplicates", []Kind{
		{"duplicates.pair_dismissed", "customers.entry.duplicates-pair-dismissed"},
		{"duplicates.pair_reopened", "customers.entry.duplicates-pair-reopened"},
	}},
	{"fields", "customers.entry.group-fields", []Kind{
		{"fields.form_filled", "customers.timeline.form-filled"},
		{"fields.field_created", "customers.entry.fields-field-created"},
		{"fields.field_changed", "customers.entry.fields-field-changed"},
		{"fields.field_archived", "customers.entry.fields-field-archived"},
		{"fields.field_restored", "customers.entry.fields-field-restored"},
		{"fields.fields_reordered", "customers.entry.fields-fields-reordered"},
		{"fields.form_created", "customers.entry.fields-form-created"},
		{"fields.form_changed", "customers.entry.fields-form-changed"},
		{"fields.form_archived", "customers.entry.fields-form-archived"},
		{"fields.form_restored", "customers.entry.fields-form-restored"},
	}},
	{"imports", "customers.entry.group-imports", []Kind{
		{"imports.started", "customers.entry.imports-started"},
		{"imports.finished", "customers.entry.imports-finished"},
		{"imports.failed", "customers.entry.imports-failed"},
		{"imports.cancelled", "customers.entry.imports-cancelled"},
		{"imports.resumed", "customers.entry.imports-resumed"},
	}},
	{"views", "customers.entry.group-views", []Kind{
		{"views.view_created", "customers.entry.views-view-created"},
		{"views.view_changed", "customers.entry.views-view-changed"},
		{"views.view_removed", "customers.entry.views-view-removed"},
	}},
	{"team", "customers.entry.group-team", []Kind{
		{"team.signed_in", "customers.entry.team-signed-in"},
		{"team.signed_out", "customers.entry.team-signed-out"},
		{"team.person_invited", "customers.entry.team-person-invited"},
		{"team.person_created", "customers.entry.team-person-created"},
		{"team.person_changed", "customers.entry.team-person-changed"},
		{"team.person_activated", "customers.entry.team-person-activated"},
		{"team.person_deactivated", "customers.entry.team-person-deactivated"},
		{"team.password_changed", "customers.entry.team-password-changed"},
		{"team.password_reset_asked", "customers.entry.team-password-reset-asked"},
		{"team.two_factor_set", "customers.entry.team-two-factor-set"},
		{"team.two_factor_ended", "customers.entry.team-two-factor-ended"},
		{"team.recovery_code_used", "customers.entry.team-recovery-code-used"},
		{"team.recovery_codes_renewed", "customers.entry.team-recovery-codes-renewed"},
		{"team.session_revoked", "customers.entry.team-session-revoked"},
		{"team.sessions_revoked", "customers.entry.team-sessions-revoked"},
		{"team.rights_changed", "customers.entry.team-rights-changed"},
		{"team.team_created", "customers.entry.team-team-created"},
		{"team.team_changed", "customers.entry.team-team-changed"},
		{"team.team_removed", "customers.entry.team-team-removed"},
		{"team.token_created", "customers.entry.team-token-created"},
		{"team.token_revoked", "customers.entry.team-token-revoked"},
		{"team.company_set_up", "customers.entry.team-company-set-up"},
		{"team.company_changed", "customers.entry.team-company-changed"},
		{"team.logo_changed", "customers.entry.team-logo-changed"},
		{"team.logo_removed", "customers.entry.team-logo-removed"},
		{"team.company_locked", "customers.entry.team-company-locked"},
		{"team.company_unlocked", "customers.entry.team-company-unlocked"},
	}},
	{"mail", "customers.entry.group-mail", []Kind{
		{"mail.settings_changed", "customers.entry.mail-settings-changed"},
		{"mail.turned_off", "customers.entry.mail-turned-off"},
	}},
	{"backup", "customers.entry.group-backup", []Kind{
		{"backup.settings_changed", "customers.entry.backup-settings-changed"},
		{"backup.asked_for", "customers.entry.backup-asked-for"},
	}},
	{"webhooks", "customers.entry.group-webhooks", []Kind{
		{"webhooks.endpoint_created", "customers.entry.webhooks-endpoint-created"},
		{"webhooks.endpoint_changed", "customers.entry.webhooks-endpoint-changed"},
		{"webhooks.endpoint_disabled", "customers.entry.webhooks-endpoint-disabled"},
		{"webhooks.endpoint_removed", "customers.entry.webhooks-endpoint-removed"},
		{"webhooks.secret_changed", "customers.entry.webhooks-secret-changed"},
	}},
	{"jobs", "customers.entry.group-jobs", []Kind{
		{"jobs.retried", "customers.entry.jobs-retried"},
		{"jobs.cancelled", "customers.entry.jobs-cancelled"},
		{"jobs.queue_paused", "customers.entry.jobs-queue-paused"},
		{"jobs.queue_resumed", "customers.entry.jobs-queue-resumed"},
	}},
}

// Title is the locale id of what an entry of the kind tells, "" if the kind is
// not known.
func Title(kind string) string {
	for _, g := range Groups {
		for _, k := range g.Kinds {
			if k.Name == kind {
				return k.Title
			}
		}
	}
	return ""
}

// Kinds are the kinds a choice stands for: one kind, or all of a module by
// its name; none for "" and for what is not known.
func Kinds(choice string) []string {
	var all []string
	for _, g := range Groups {
		for _, k := range g.Kinds {
			if k.Name == choice || g.Module == choice {
				all = append(all, k.Name)
			}
		}
	}
	return all
}

// Both gives the kinds that are in both; an empty one means any kind.
func Both(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	return slices.DeleteFunc(slices.Clone(a), func(k string) bool { return !slices.Contains(b, k) })
}
