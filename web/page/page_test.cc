#include "web/page/page.h"

#include <doctest/doctest.h>

#include "web/page/secrets.h"

namespace picket::web {
namespace {

TEST_CASE("secrets are masked, and nothing else is") {
  const auto masked = [](std::string_view text) { return WithoutSecrets(text); };
  CHECK(masked("password = hunter2\n") == "password = \"********\"\n");
  CHECK(masked("{ user=a; password=b; lanplus=yes }") == "{ user=a; password=\"********\"; lanplus=yes }");
  CHECK(masked("password=\"a \\\" b\" x=1") == "password=\"********\" x=1");
  CHECK(masked("password='''a\n'b''' x=1") == "password=\"********\" x=1");
  CHECK(masked("password = secret(\"ipmi/n1\")") == "password = secret(\"ipmi/n1\")");
  CHECK(masked("token=10000 token = 5s") == "token=10000 token = 5s");
  CHECK(masked("token=0123456789abcdef") == "token=\"********\"");
  CHECK(masked("user=open # password") == "user=open # password");
  CHECK(masked("password=\"never closed") == "password=\"********\"");
}

TEST_CASE("whatever a policy holds, it is no markup") {
  InteractivePage page;
  page.title = "</title><script>alert(1)</script>";
  page.policies = {{"</script><img src=x onerror=alert(2)>.picket", "<!-- </script><script>alert(3)</script>", {}}};
  page.steps = {"</script>"};
  page.engine = "abcd";
  const std::string html = HtmlOf(page);
  CHECK(html.find("alert(1)</script>") == std::string::npos);
  CHECK(html.find("<img") == std::string::npos);
  CHECK(html.find("alert(3)</script>") == std::string::npos);
  CHECK(html.find("<!--") == std::string::npos);
  size_t scripts = 0;
  for (size_t at = 0; (at = html.find("<script", at)) != std::string::npos; ++at) ++scripts;
  CHECK(scripts == 3);
  CHECK(html.find("id=\"engine\">YWJjZA==</script>") != std::string::npos);
}

}  // namespace
}  // namespace picket::web
