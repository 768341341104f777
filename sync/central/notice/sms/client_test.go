package sms

import (
	"net/http"
	"testing"
)

func TestACallHasNoCookieAndGoesThroughNoProxyOfTheEnvironment(t *testing.T) {
	c := client(nil)
	wire, is := c.Transport.(*http.Transport)
	if !is || wire.Proxy != nil || c.Jar != nil || !wire.DisableKeepAlives || wire.TLSClientConfig.InsecureSkipVerify {
		t.Errorf("%+v", c)
	}
}
