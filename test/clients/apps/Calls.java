import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** One call with the platform's own client. Prints what came of it as JSON. It cannot say who calls but by our header. */
public class Calls {
  public static void main(String[] arguments) throws Exception {
    String key = String.join("_", "sk", "test", "0".repeat(24));
    HttpRequest request = HttpRequest.newBuilder(URI.create("https://api.stripe.com/v1/customers"))
        .header("Authorization", "Bearer " + key).header("X-Fourthwall-Service", "shop").header("X-Fourthwall-Run", "other-runtimes").build();
    HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    System.out.printf("{\"status\":%d,\"capture\":\"%s\"}%n", response.statusCode(), response.headers().firstValue("X-Fourthwall-Capture").orElse(""));
  }
}
