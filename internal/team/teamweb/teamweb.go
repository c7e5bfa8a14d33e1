// Package teamweb is the pages of the team: signing in and out, the guided
// first run, everyone's own profile, and the settings of company, people,
// rights and tokens. It also tells the web who makes a request (Identify) and
// what the company wants said around every page.
package teamweb

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"sync/atomic"

	"kartoteka.dev/internal/platform/clock"
	"kartoteka.dev/internal/platform/db"
	"kartoteka.dev/internal/platform/i18n"
	"kartoteka.dev/internal/platform/web"
	"kartoteka.dev/internal/team"
)

// Deps are what the pages need.
type Deps struct {
	Team  *team.Service
	Clock clock.Clock
	// PublicURL is the address people use, without a path. Empty: links in mails
	// lead where the mailer says, links on pages to where the page was asked at.
	PublicURL string
	// Mailer sends invitations and reset links; nil, or as long as it has no
	// address: they are handed over by whoever makes them.
	Mailer Mailer
	// Records find who a record belongs to, by its kind ("customer"), for "why
	// can I see this?".
	Records map[string]RecordFinder
	// Sections are the other modules' entries of the settings.
	Sections []Section
}

// Mail is a message with one link.
type Mail struct {
	To       string
	Name     string
	Language i18n.Lang
	Subject  string
	Text     string        // plain, the link included
	Until    clock.Instant // pointless after that; zero: no limit
}

// Mailer puts a message on its way in the transaction that makes its link.
type Mailer interface {
	// Address is where links lead, scheme and host; empty while nothing can be
	// sent.
	Address(ctx context.Context) (string, error)
	Send(ctx context.Context, tx *db.Tx, m Mail) error
}

// Record is what decides who sees a record.
type Record struct {
	Name    string
	Href    string
	OwnerID int64 // 0: none
	TeamID  int64 // 0: none
}

// RecordFinder finds one kind of records; NotFound also for those the acting
// person may not see.
type RecordFinder interface {
	FindRecord(ctx context.Context, id int64) (Record, error)
}

// Pages answers requests; safe for concurrent use.
type Pages struct {
	team      *team.Service
	clock     clock.Clock
	publicURL string
	mailer    Mailer
	records   map[string]RecordFinder
	sections  []Section

	known atomic.Pointer[team.Company] // as last read, for pages of failures
}

// New makes the pages, and has links mailed whenever that is possible.
func New(d Deps) *Pages {
	p := &Pages{team: d.Team, clock: d.Clock, publicURL: d.PublicURL, mailer: d.Mailer, records: d.Records, sections: d.Sections}
	if d.Mailer != nil {
		d.Team.OnLinkCreated(p.mailLink)
		d.Team.OnAccessChanged(p.mailAccess)
	}
	return p
}

// mailBase is where links in mails lead: an address that strangers cannot
// choose. Empty: nothing can be sent.
func (p *Pages) mailBase(ctx context.Context) (string, error) {
	if p.mailer == nil {
		return "", nil
	}
	base, err := p.mailer.Address(ctx)
	if base != "" && p.publicURL != "" {
		base = p.publicURL
	}
	return base, err
}

// Paths that other parts of the program need.
const (
	SignInPath  = "/sign-in"
	SignOutPath = "/sign-out"
	SetupPath   = "/setup"
	ProfilePath = "/profile"
)

// Routes are the pages' addresses.
func (p *Pages) Routes() []web.Route {
	var all []web.Route
	all = append(all, p.doorRoutes()...)
	all = append(all, p.profileRoutes()...)
	all = append(all, p.companyRoutes()...)
	all = append(all, p.logoRoutes()...)
	all = append(all, p.peopleRoutes()...)
	all = append(all, p.rightsRoutes()...)
	return all
}

func (p *Pages) doorRoutes() []web.Route {
	return []web.Route{
		web.Open(web.Get(SignInPath, p.showSignIn)),
		web.Open(web.Post(SignInPath, p.signIn)),
		web.Open(web.Get(codePath, p.showCode)),
		web.Open(web.Post(codePath, p.confirmCode)),
		web.Open(web.Post(SignOutPath, p.signOut)),
		web.Post(SignOutPath+"/everywhere", p.signOutEverywhere),
		web.Open(web.Get(SetupPath, p.showSetup)),
		web.Open(web.Post(SetupPath, p.setUp)),
		web.Get(SetupPath+"/done", p.showSetupDone),
		web.Open(web.Get(forgottenPath, p.showForgotten)),
		web.Open(web.Post(forgottenPath, p.sendReset)),
		web.Open(web.Get(welcomePath, p.showWelcome)),
		web.Open(web.Post(welcomePath, p.redeem)),
	}
}

// device is where a request comes from.
func device(r *http.Request) team.Device {
	return team.Device{Address: web.RemoteAddress(r.Context()), Agent: r.UserAgent(), Browser: cookie(r, browserCookie)}
}

var formHost = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]{1,5})?$|^\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?$`)

// link is the whole address of a page of ours, for showing to the person who
// makes the request. Only the configured address may be sent to anyone else.
func (p *Pages) link(r *http.Request, path string, query url.Values) string {
	base := p.publicURL
	if base == "" && formHost.MatchString(r.Host) {
		base = "http://" + r.Host
		if web.IsHTTPS(r.Context()) {
			base = "https://" + r.Host
		}
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return base + path
}
