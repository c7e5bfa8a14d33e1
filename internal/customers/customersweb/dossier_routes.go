package customersweb

import "kartoteka.dev/internal/platform/web"

// dossierRoutes are the addresses of the dossier.
func (p *Pages) dossierRoutes() []web.Route { return nil }
