"""A Debian package out of programs and files.

    deb_package(name = "picket", description = "debian/picket.control", programs = […], files = […])

gives NAME.deb. package/make_deb.sh knows where each kind of file goes.
"""

def deb_package(name, description, programs, files):
    """NAME.deb, from a control file without versions, the programs and what lies beside them."""
    # The programs are sources here, not tools: tools would be built a second time for the machine that builds.
    native.genrule(
        name = name,
        srcs = [description] + files + programs,
        outs = [name + ".deb"],
        cmd = "$(location make_deb.sh) %s $(location %s) $@ $(SRCS)" % (name, description),
        tools = ["make_deb.sh"],
        visibility = ["//visibility:public"],
    )
