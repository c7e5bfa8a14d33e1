package customersweb

import "kartoteka.dev/internal/platform/web"

// listRoutes are the addresses of the list and of what leads to a dossier.
func (p *Pages) listRoutes() []web.Route {
	return nil
}
