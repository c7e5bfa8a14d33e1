// Package page draws whole documents: the shell with rail, page and drawer for
// people at work, and the bare page with one card for sign-in, setup and
// errors.
package page

import (
	"github.com/a-h/templ"

	"kartoteka.dev/internal/platform/ui/dialog"
	"kartoteka.dev/internal/platform/ui/menu"
	"kartoteka.dev/internal/platform/ui/toast"
)

// Item is one entry of the rail or of the bar at the foot of a phone.
type Item struct {
	Label   string
	Href    string
	Icon    string
	Key     string // keyboard key that leads there
	Current bool
	Count   string // already written for the language; empty: none
}

// Crumb is one step of the way to a page.
type Crumb struct {
	Label string
	Href  string
}

// Person is who is signed in. Menu are the lines of the menu under the name;
// SignOut is the address the last one posts to.
type Person struct {
	ID      string // part of the key under which drafts are kept
	Name    string
	Email   string
	Menu    []menu.Item
	SignOut string
}

// Warning is something to be done, on every page of those who can do it, with
// the way there. Without a text there is none.
type Warning struct {
	Text string
	Href string
}

// Width is how much room the content takes.
type Width string

// The widths: Narrow for forms and settings, Wide for boards and matrices.
const (
	Usual  Width = ""
	Narrow Width = "narrow"
	Wide   Width = "wide"
)

// Page describes a document.
type Page struct {
	Title       string // of the document, and the heading
	Heading     string // instead of Title, when they differ
	Subtitle    string
	Lang        string // "ka"
	Company     string
	Logo        string // address of the company's own picture; empty: Kartoteka's mark
	Theme       string // "light", "dark"; empty follows the system
	Density     string // "compact"; empty is comfortable
	Menu        []Item
	Bar         []Item // at the foot of a phone: Today, Log; Search and More are added
	Home        string // where the logo leads; "/" if empty
	Search      string // address of the search box; "/search" if empty
	Commands    []dialog.Result
	Person      Person
	Breadcrumbs []Crumb
	Actions     templ.Component // buttons at the right of the heading
	Head        templ.Component // instead of heading and actions altogether
	Tabs        templ.Component // between heading and content
	Flash       []toast.Toast
	Live        string // address of the event stream; empty: the page is not live
	Width       Width
	Scripts     []string // names of further assets the page loads, as "chart.js"
	Body        templ.Attributes
	Warning     Warning // above the heading
	Failed      bool    // the page reports an error: drafts are kept
}

func (p Page) theme() string {
	if p.Theme == "" {
		return "auto"
	}
	return p.Theme
}

func (p Page) density() string {
	if p.Density == "" {
		return "comfortable"
	}
	return p.Density
}

func (p Page) lang() string {
	if p.Lang == "" {
		return "en"
	}
	return p.Lang
}

func (p Page) heading() string {
	if p.Heading != "" {
		return p.Heading
	}
	return p.Title
}

// documentTitle ends with the company, so that the page's own name comes
// first in a narrow tab.
func (p Page) documentTitle() string {
	if p.Company == "" || p.Company == p.Title {
		return p.Title
	}
	return p.Title + " · " + p.Company
}

func (p Page) home() string {
	if p.Home == "" {
		return "/"
	}
	return p.Home
}

func (p Page) search() string {
	if p.Search == "" {
		return "/search"
	}
	return p.Search
}

func (p Page) company() string {
	if p.Company == "" {
		return "Kartoteka"
	}
	return p.Company
}

// htmxConfig: our policy forbids inline styles, and answers with an error are
// swapped only where the server says so.
const htmxConfig = `{"includeIndicatorCSS":false,"history":true,"defaultTimeout":30000}`
