/**
 * What to do in each runtime so that it trusts the gateway. Variables that replace the public roots need the bundle;
 * NODE_EXTRA_CA_CERTS adds to them.
 * @param ca path of ca.pem; ca-bundle.pem lies beside it
 */
export function installHint(ca: string): string {
  const bundle = ca.replace(/ca\.pem$/, 'ca-bundle.pem');
  return `Certificate: ${ca}   with the public roots: ${bundle}
Restart a service after the certificate changed: most runtimes read it once.

Node              NODE_EXTRA_CA_CERTS=${ca}
Python            requests, boto3: REQUESTS_CA_BUNDLE=${bundle} AWS_CA_BUNDLE=${bundle}
                  ssl, httpx, aiohttp, smtplib: SSL_CERT_FILE=${bundle}
                  certifi only (stripe's own bundle): stripe.ca_bundle_path = "${bundle}"
Go                SSL_CERT_FILE=${bundle} (Linux)
Java, Kotlin      fourthwall ca export --format p12 --out fourthwall.p12
                  -Djavax.net.ssl.trustStore=fourthwall.p12 -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=changeit
                  (replaces the public roots: right for a service whose only way out is the gateway)
Ruby              SSL_CERT_FILE=${bundle}
PHP               curl.cainfo=${bundle} and openssl.cafile=${bundle} in php.ini
.NET (Linux)      SSL_CERT_FILE=${bundle}
curl              CURL_CA_BUNDLE=${bundle} or --cacert ${ca}
Debian, Ubuntu    cp ${ca} /usr/local/share/ca-certificates/fourthwall.crt && update-ca-certificates
Alpine            the same (package ca-certificates)
RHEL, Fedora      cp ${ca} /etc/pki/ca-trust/source/anchors/fourthwall.pem && update-ca-trust
Never install it on a machine that people browse the web with, nor in production.
`;
}
