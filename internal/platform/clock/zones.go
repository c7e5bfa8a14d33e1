package clock

import (
	"strings"
	"sync"
	"time"
)

// known are the zones read so far, by name; there are some hundreds at most.
var known sync.Map

// Zone finds a time zone by its name; unlike time.LoadLocation it reads each
// from the disk once.
func Zone(name string) (*time.Location, error) {
	if zone, ok := known.Load(name); ok {
		return zone.(*time.Location), nil //nolint:forcetypeassert // nothing else is kept
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	known.Store(name, zone)
	return zone, nil
}

// zoneNames are places people choose their time by; one for each usual time of
// each country with several.
var zoneNames = strings.Fields(`
Africa/Algiers Africa/Cairo Africa/Casablanca Africa/Johannesburg Africa/Lagos Africa/Nairobi Africa/Tunis
America/Argentina/Buenos_Aires America/Bogota America/Caracas America/Chicago America/Denver America/Halifax
America/Lima America/Los_Angeles America/Mexico_City America/New_York America/Phoenix America/Santiago
America/Sao_Paulo America/Toronto America/Vancouver America/Anchorage
Asia/Almaty Asia/Amman Asia/Ashgabat Asia/Baghdad Asia/Baku Asia/Bangkok Asia/Beirut Asia/Bishkek Asia/Chita
Asia/Dhaka Asia/Dubai Asia/Dushanbe Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Irkutsk Asia/Jakarta Asia/Jerusalem
Asia/Kamchatka Asia/Karachi Asia/Kolkata Asia/Krasnoyarsk Asia/Kuala_Lumpur Asia/Kuwait Asia/Magadan Asia/Manila
Asia/Nicosia Asia/Novosibirsk Asia/Omsk Asia/Riyadh Asia/Sakhalin Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei
Asia/Tashkent Asia/Tbilisi Asia/Tehran Asia/Tokyo Asia/Ulaanbaatar Asia/Vladivostok Asia/Yakutsk
Asia/Yekaterinburg Asia/Yerevan Atlantic/Azores Atlantic/Canary Atlantic/Reykjavik
Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Perth Australia/Sydney
Europe/Amsterdam Europe/Athens Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Bucharest
Europe/Budapest Europe/Chisinau Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Kaliningrad
Europe/Kyiv Europe/Lisbon Europe/Ljubljana Europe/London Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Minsk
Europe/Moscow Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Riga Europe/Rome Europe/Samara
Europe/Sarajevo Europe/Saratov Europe/Skopje Europe/Sofia Europe/Stockholm Europe/Tallinn Europe/Tirane
Europe/Vienna Europe/Vilnius Europe/Volgograd Europe/Warsaw Europe/Zagreb Europe/Zurich
Pacific/Auckland Pacific/Honolulu UTC`)

// Zones are the names of the time zones people choose from, in the order of
// their names; a new slice at each call.
func Zones() []string { return append([]string(nil), zoneNames...) }
