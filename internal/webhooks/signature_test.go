package webhooks_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"kartoteka.dev/internal/webhooks"
)

// TestSignatureIsThatOfTheConvention checks the vector that the convention
// gives.
func TestSignatureIsThatOfTheConvention(t *testing.T) {
	got, err := webhooks.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if err != nil || got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := webhooks.Sign("whsec_!", "msg_1", time.Unix(0, 0), nil); err == nil {
		t.Error("a secret that is none was taken")
	}
}

func TestOnlyPublicAddressesArePublic(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.215.14": true, "2606:2800:21f:cb07:6820:80da:af6b:8b2c": true,
		"127.0.0.1": false, "127.9.9.9": false, "::1": false, "0.0.0.0": false, "::": false, "10.1.2.3": false, "172.16.0.1": false,
		"172.31.255.255": false, "172.32.0.1": true, "192.168.1.1": false, "169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false,
		"fd00::1": false, "100.64.0.1": false, "100.128.0.1": true, "224.0.0.1": false, "ff02::1": false, "255.255.255.255": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:93.184.215.14": true, "::7f00:1": false, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "2001:db8::1": false, "192.0.2.1": false, "198.18.0.1": false, "fec0::1": false, "0.1.2.3": false,
	} {
		if got := webhooks.Public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
}

// TestPrivateAddressesAreRefusedWhenConnecting calls a server on this machine,
// by its address and by a name that leads there.
func TestPrivateAddressesAreRefusedWhenConnecting(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	call := func(client *http.Client, url string) error {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		return err
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		err := call(webhooks.Client(false), "http://"+host+":"+port)
		if !errors.Is(err, webhooks.ErrPrivate) || reached {
			t.Errorf("%s: %v, reached: %v", host, err, reached)
		}
	}
	if err := call(webhooks.Client(true), "http://localhost:"+port); err != nil || !reached {
		t.Errorf("allowed: %v, reached: %v", err, reached)
	}
}
