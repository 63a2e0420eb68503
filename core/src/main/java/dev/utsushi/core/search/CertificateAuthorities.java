package dev.utsushi.core.search;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificate authorities that a function trusts beside the JDK's. */
public final class CertificateAuthorities {
  private CertificateAuthorities() {}

  /**
   * Reads certificates.
   *
   * @param pem of one or more authorities
   * @throws CertificateException if there are none, or one of them can't be read
   */
  public static Collection<? extends Certificate> read(InputStream pem)
      throws CertificateException {
    var certificates = CertificateFactory.getInstance("X.509").generateCertificates(pem);
    if (certificates.isEmpty()) {
      throw new CertificateException("there is no certificate");
    }
    return certificates;
  }

  /**
   * Returns TLS that trusts these authorities and the JDK's.
   *
   * @param authorities a resource in the jar, or PEM
   */
  static SSLSocketFactory trust(String authorities) {
    try (InputStream pem = open(authorities)) {
      return trust(read(pem));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("The certificate authorities can't be read", e);
    }
  }

  private static InputStream open(String authorities) throws IOException {
    if (authorities.startsWith("-----BEGIN ")) {
      return new ByteArrayInputStream(authorities.getBytes(US_ASCII));
    }
    InputStream resource = CertificateAuthorities.class.getResourceAsStream("/" + authorities);
    if (resource == null) {
      throw new IOException("'%s' is not in the jar".formatted(authorities));
    }
    return resource;
  }

  static SSLSocketFactory trust(Collection<? extends Certificate> authorities)
      throws IOException, GeneralSecurityException {
    List<Certificate> all = new ArrayList<>(authorities);
    all.addAll(ofTheJdk());
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < all.size(); i++) {
      store.setCertificateEntry(String.valueOf(i), all.get(i));
    }
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, factory(store).getTrustManagers(), null);
    return tls.getSocketFactory();
  }

  private static List<X509Certificate> ofTheJdk() throws GeneralSecurityException {
    var manager = (X509TrustManager) factory(null).getTrustManagers()[0];
    return List.of(manager.getAcceptedIssuers());
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }
}
