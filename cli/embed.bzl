"""Files that the program carries: a C++ source with the text of each.

    embedded_files(
        name = "patterns",
        srcs = ["//lib:patterns"],
        header = "cli/patterns.h",
        table = "kPatterns",
    )

gives NAME.cc, which defines the table that the header declares: `const std::vector<EmbeddedFile> TABLE`.
"""

def embedded_files(name, srcs, header, table):
    """NAME.cc, with the files of srcs in their order."""
    native.genrule(
        name = name,
        srcs = srcs,
        outs = [name + ".cc"],
        cmd = """{
  echo '#include "%s"'
  echo 'namespace picket::cli {'
  echo 'const std::vector<EmbeddedFile> %s = {'
  for file in $(SRCS); do
    printf '{"%%s", R"EMBEDDED(' "$${file##*/}"
    cat "$$file"
    echo ')EMBEDDED"},'
  done
  echo '};'
  echo '}'
} > $@""" % (header, table),
    )
