package customersweb

import (
	"context"
	"slices"

	"kartoteka.dev/internal/platform/authz"
	"kartoteka.dev/internal/platform/filter"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/ui/field"
	"kartoteka.dev/internal/platform/ui/tabs"
	"kartoteka.dev/internal/views"
)

const viewsKey = "customers"

// teamView asks for the reader's own teams, which a stored filter cannot name.
const teamView = "team"

// Views are the views of the list of customers, for package views.
var Views = views.List{Key: viewsKey, BuiltIn: []views.BuiltIn{
	{Key: "all", Label: "customers.list-view.all", Sort: "name"},
	{Key: "mine", Label: "customers.list-view.mine", Filter: "owner = me", Sort: "name"},
	{Key: teamView, Label: "customers.list-view.team", Sort: "name"},
	{Key: "new", Label: "customers.list-view.new", Filter: "created during this-month", Sort: "-created"},
	{Key: "archived", Label: "customers.list-view.archived", Filter: "state = archived", Sort: "-changed"},
}}

// opened is a view as the list shows it, after what the address changes.
type opened struct {
	views.Arranged
	view    views.View
	filter  filter.Node // without the words of the search box
	sort    string
	columns []string
	changed bool   // filter, order or columns are no longer the view's
	problem string // why the view cannot be shown as it was saved
}

// open finds the view of an address and what is asked for altogether.
func (p *Pages) open(ctx context.Context, a address, schema *filter.Schema) (o opened, err error) {
	if o.Arranged, err = p.views.List(ctx, viewsKey); err != nil {
		return o, err
	}
	key := a.View
	if key == "" {
		key = o.First
	}
	view, ok := o.Find(key)
	if !ok {
		if view, err = p.views.Find(ctx, viewsKey, key); err != nil {
			return o, err
		}
	}
	o.view = view
	ready, err := view.Open(ctx, schema, nil)
	if err != nil {
		told, mendable := troubleOf(ctx, err)
		if !mendable {
			return o, err
		}
		o.problem = told.whole
	}
	o.filter, o.sort, o.columns = ready.Filter, ready.Sort, ready.Columns
	if view.Key == teamView {
		o.filter = ownTeams(ctx)
	}
	if len(o.columns) == 0 {
		o.columns = o.Columns
	}
	if len(o.columns) == 0 {
		o.columns = usual
	}
	o.change(a)
	return o, nil
}

// change lays what the address says over the view.
func (o *opened) change(a address) {
	if a.Edited {
		o.changed = !filter.Equal(a.Filter, o.filter)
		o.filter = a.Filter
	}
	if a.Sort != "" {
		o.changed = o.changed || a.Sort != o.sort
		o.sort = a.Sort
	}
	if len(a.Columns) > 0 {
		o.changed = o.changed || !slices.Equal(a.Columns, o.columns)
		o.columns = a.Columns
	}
	if o.sort == "" {
		o.sort = "name"
	}
}

func ownTeams(ctx context.Context) filter.Node {
	ids := authz.From(ctx).TeamIDs
	if len(ids) == 0 {
		return nil
	}
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = idText(id)
	}
	return filter.Where("team", filter.In, words...)
}

// tabs are the views as tabs.
func (o opened) tabs(ctx context.Context) []tabs.Tab {
	var all []tabs.Tab
	for _, v := range o.Views {
		if v.Key == teamView && len(authz.From(ctx).TeamIDs) == 0 {
			continue
		}
		t := tabs.Tab{Label: v.Title(ctx), Href: address{View: v.Key}.href(), Current: v.Key == o.view.Key}
		if v.ID != 0 && v.Shared != views.Private {
			t.Icon = "users"
		}
		all = append(all, t)
	}
	return all
}

// mayChange tells whether the person may change the open view.
func (o opened) mayChange(ctx context.Context) bool {
	return o.view.ID != 0 && (o.view.OwnerID == authz.From(ctx).UserID || authz.Can(ctx, "views.share"))
}

// sharedChoices say who may see a view.
func sharedChoices(ctx context.Context, l listPage) []field.Option {
	all := []field.Option{{Value: string(views.Private), Label: i18n.T(ctx, "views.shared.private")}}
	for _, id := range authz.From(ctx).TeamIDs {
		all = append(all, field.Option{
			Value: string(views.Team) + ":" + idText(id), Label: i18n.T(ctx, "customers.list-view.shared-team", "Team", l.dir.team(id)),
		})
	}
	return append(all, field.Option{Value: string(views.Everyone), Label: i18n.T(ctx, "views.shared.everyone")})
}

func orWord(s, usual string) string {
	if s == "" {
		return usual
	}
	return s
}
