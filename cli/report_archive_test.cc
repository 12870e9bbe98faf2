#include "cli/report_archive.h"

#include <doctest/doctest.h>

#include <cstdio>

namespace picket::cli {
namespace {

std::string Member(const std::string& name, const std::string& content, char type = '0') {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  char number[16];
  std::snprintf(number, sizeof number, "%011zo", content.size());
  header.replace(124, 11, number);
  header.replace(257, 5, "ustar");
  header.replace(263, 2, "00");
  header[156] = type;
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(number, sizeof number, "%06o", sum);
  header.replace(148, 6, number);
  header[154] = '\0';
  std::string padded = content;
  padded.resize((content.size() + 511) / 512 * 512, '\0');
  return header + padded;
}

std::string Archive(const std::string& members) {
  return members + std::string(1024, '\0');
}

std::string Cib(int epoch) {
  return "<cib admin_epoch=\"0\" epoch=\"" + std::to_string(epoch) + "\" num_updates=\"1\"/>";
}

TEST_CASE("the newest CIB of an archive") {
  const std::string archive =
      Archive(Member("r/", "", '5') + Member("r/n1/corosync.conf", "totem {}") + Member("r/n1/cib.xml", Cib(9)) +
              Member("r/n2/cib.xml", Cib(10)) + Member("r/n3/cib.xml", Cib(2)));
  REQUIRE(IsTar(archive));
  std::string reason;
  CHECK(CibOfReport(archive, reason) == Cib(10));
  CHECK(reason.empty());
}

TEST_CASE("corosync.conf beside the newest CIB, and what schedulers saved") {
  const std::string archive =
      Archive(Member("r/n1/corosync.conf", "one") + Member("r/n1/cib.xml", Cib(9)) + Member("r/n2/cib.xml", Cib(10)) +
              Member("r/n2/corosync.conf", "two") + Member("r/n2/pengine/pe-input-3.bz2", "x") +
              Member("r/n2/pengine/pe-input-4.bz2", "") + Member("r/n2/pengine/pe-warn-0.bz2", "y") +
              Member("r/n2/pengine/other", "z"));
  CHECK(CorosyncOfReport(archive) == "two");
  CHECK(CorosyncOfReport(Archive(Member("r/n1/corosync.conf", "one") + Member("r/n2/cib.xml", Cib(1)))) == "one");
  CHECK(!CorosyncOfReport(Archive(Member("r/cib.xml", Cib(1)))));
  CHECK(!CorosyncOfReport(archive.substr(0, 700)));
  const auto inputs = InputsOfReport(archive);
  REQUIRE(inputs.size() == 2);
  CHECK(inputs[0].name == "r/n2/pengine/pe-input-3.bz2");
  CHECK(inputs[1].text == "y");
}

TEST_CASE("names lead nowhere, links and what is no CIB are passed over") {
  std::string reason;
  const std::string members = Member("../../etc/cib.xml", Cib(3)) + Member("r/cib.xml", "", '2') +
                              Member("r/n1/cib.xml", "no XML") + Member("my-cib.xml", Cib(8));
  CHECK(CibOfReport(Archive(members), reason) == Cib(3));
  CHECK(CibOfReport(Archive(Member("././@LongLink", "a/cib.xml", 'L') + Member("a/ci", Cib(4))), reason) == Cib(4));
}

TEST_CASE("damaged archives are refused with a reason") {
  const auto reason_of = [](const std::string& archive) {
    std::string reason;
    CHECK(!CibOfReport(archive, reason));
    return reason;
  };
  const std::string good = Member("r/cib.xml", Cib(1));
  CHECK(reason_of(good) == "is an archive that is cut off");
  CHECK(reason_of(good.substr(0, 530)) == "is a damaged archive");
  std::string wrong = Archive(good + good);
  wrong[1024 + 130] = '7';
  CHECK(reason_of(wrong) == "is a damaged archive");
  CHECK(reason_of(Archive(Member("a", "b"))) == "is an archive without a `cib.xml`");
  CHECK(!IsTar("<cib/>"));
  CHECK(!IsTar(std::string(512, '\0')));
}

}  // namespace
}  // namespace picket::cli
