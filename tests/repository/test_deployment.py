"""Promises about deploy/: what it names exists, and the tools that read it understand it."""

import json
import re
import runpy
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import click
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask.testing import FlaskClient

from store.checkout.vitals import EVENTS_TOO_LATE, JOBS_TOO_LATE, PROVED_AGAIN
from store.cli.main import main, store
from store.paths import ROOT
from store.settings import Settings
from store.web.machine import BACKUP_TOO_OLD, SCARCE_BYTES
from tests.conftest import START

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
SITES = ("host.conf", "compose.conf")
SETTING = re.compile(r"\bSTORE_[A-Z_]*[A-Z]\b")
TYPED = re.compile(r"bin/store ([a-z][^\\\n]*)")
HARDENED = {
    "NoNewPrivileges": "yes",
    "PrivateTmp": "yes",
    "ProtectSystem": "strict",
    "ReadWritePaths": "/srv/store/var",
    "User": "store",
}
OWN_PLACES = "client_body proxy fastcgi uwsgi scgi"


def texts() -> Iterator[tuple[str, str]]:
    for path in sorted(DEPLOY.rglob("*")):
        if path.is_file():
            yield path.relative_to(DEPLOY).as_posix(), path.read_text(encoding="utf-8")


def read_yaml(name: str) -> Any:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def read_unit(path: Path) -> ConfigParser:
    unit = ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment,method-assign] # as its own documentation sets it
    unit.read(path, encoding="utf-8")
    return unit


def understood(words: Sequence[str]) -> bool:
    """Say whether `store` has such a command, and that command such options."""
    command: click.Command = store
    context, left = click.Context(store), list(words)
    while isinstance(command, click.Group) and left:
        found = command.get_command(context, left.pop(0))
        if found is None:
            return False
        command, context = found, click.Context(found, parent=context)
    try:
        command.make_parser(context).parse_args(left)
    except click.UsageError:
        return False
    return not isinstance(command, click.Group)


def test_every_setting_that_is_named_is_one() -> None:
    known = {f"STORE_{name.upper()}" for name in Settings.model_fields}
    named = {(name, found) for name, text in texts() for found in SETTING.findall(text)}

    assert named
    assert [found for found in sorted(named) if found[1] not in known] == []


def test_every_command_that_is_typed_is_one() -> None:
    typed = [found.split() for _, text in texts() for found in TYPED.findall(text)]
    wanted = [[word.replace("%i", "5000") for word in words] for words in typed]

    assert ["db", "upgrade"] in wanted
    assert [words for words in wanted if not understood(words)] == []


def test_the_image_serves_unless_it_is_told_otherwise() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    commands = [json.loads(found) for found in re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)]

    assert [words[0] for words in commands] == ["serve"]
    assert understood(commands[0])


def test_the_command_of_the_image_is_read_again_by_its_children_without_starting_anew() -> None:
    read = runpy.run_path(str(DEPLOY / "store"), run_name="__mp_main__")

    assert read["main"] is main


def test_the_image_brings_programs_that_back_its_database_up() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    client = re.search(r"postgresql-client-(\d+)", text)
    image = read_yaml("compose.yaml")["services"]["postgres"]["image"]

    assert client is not None
    assert int(client[1]) >= int(image.partition(":")[2])


def test_every_role_of_the_composition_is_a_command() -> None:
    services = read_yaml("compose.yaml")["services"]
    roles = {name: told["command"] for name, told in services.items() if told["image"] == "store"}

    assert roles.keys() == {"migrate", "web-1", "web-2", "worker"}
    assert [name for name, words in roles.items() if not understood(words)] == []


def test_no_command_that_is_not_there_is_understood() -> None:
    assert not understood(["db", "downgrade"])
    assert not understood(["worker", "--forever"])
    assert not understood(["db"])


def test_what_serves_waits_for_the_migrations() -> None:
    services = read_yaml("compose.yaml")["services"]
    wanted = {"migrate": {"condition": "service_completed_successfully"}}

    assert [services[name]["depends_on"] for name in ("web-1", "web-2", "worker")] == [wanted] * 3


def test_nginx_alone_is_believed_about_readers() -> None:
    composed = read_yaml("compose.yaml")
    (told,) = composed["networks"]["inside"]["ipam"]["config"]
    trusted = ip_network(composed["services"]["web-1"]["environment"]["STORE_TRUSTED_PROXIES"])
    nginx = ip_address(composed["services"]["nginx"]["networks"]["inside"]["ipv4_address"])

    assert nginx in trusted
    assert ip_network(told["subnet"])[1] not in trusted
    assert not trusted.overlaps(ip_network(told["ip_range"]))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_units_keep_to_their_own_folder(path: Path) -> None:
    service = read_unit(path)["Service"]

    assert {name: service.get(name) for name in HARDENED} == HARDENED


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.stem)
def test_every_timer_starts_a_unit_that_ends(path: Path) -> None:
    service = path.with_suffix(".service")

    assert read_unit(service)["Service"]["Type"] == "oneshot"
    assert read_unit(path)["Timer"]["Persistent"] == "yes"


def test_backups_go_where_units_may_write() -> None:
    command = read_unit(DEPLOY / "systemd/store-backup.service")["Service"]["ExecStart"]

    assert Path(command.split()[-1]).is_relative_to(HARDENED["ReadWritePaths"])
    assert "--keep" in command.split()


@pytest.mark.parametrize("path", [*UNITS, *TIMERS], ids=lambda path: path.name)
def test_systemd_understands_every_unit(path: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None or not Path("/lib/systemd/system/sysinit.target").exists():
        pytest.skip("systemd is not installed here")
    command = tmp_path / ".venv/bin/store"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\n", encoding="utf-8")
    command.chmod(0o755)
    for unit in (*UNITS, *TIMERS):
        text = unit.read_text(encoding="utf-8").replace("/srv/store", str(tmp_path))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")

    said = run(analyze, "verify", "--man=no", str(tmp_path / path.name))

    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("name", SITES)
def test_nginx_understands_the_site(name: str, tmp_path: Path) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed here")
    certify(tmp_path)
    shutil.copy(DEPLOY / "nginx/store.conf", tmp_path)
    (tmp_path / "site.conf").write_text(on_sockets(name, tmp_path), encoding="utf-8")
    places = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in OWN_PLACES.split())
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {places} include site.conf; }}\n",
        encoding="utf-8",
    )

    said = run(nginx, "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"))

    assert said.returncode == 0, said.stderr


def test_nginx_lets_files_pass_that_the_shop_takes() -> None:
    text = (DEPLOY / "nginx/store.conf").read_text(encoding="utf-8")
    allowed = re.search(r"client_max_body_size (\d+)m;", text)

    assert allowed is not None
    assert int(allowed[1]) > Settings.model_fields["file_megabytes"].default


def test_alerts_ask_for_what_is_told(reader: FlaskClient) -> None:
    groups = read_yaml("prometheus/alerts.yml")["groups"]
    asked = {name for group in groups for rule in group["rules"] for name in told_in(rule)}
    families = re.findall(r"^# TYPE (\w+) (\w+)$", reader.get("/metrics").text, re.MULTILINE)
    told = {f"{name}_bucket" if kind == "histogram" else name for name, kind in families}
    told |= {f"{name}_count" for name, kind in families if kind == "histogram"}

    assert len(asked) > 10
    assert asked - told == set()


@pytest.mark.parametrize(
    ("alert", "limit"),
    [
        ("StoreJobsLate", JOBS_TOO_LATE),
        ("StoreEventsLate", EVENTS_TOO_LATE),
        ("StoreNotProved", PROVED_AGAIN),
        ("StoreBackupOld", BACKUP_TOO_OLD),
    ],
)
def test_alerts_call_late_what_staff_are_told_is(alert: str, limit: timedelta) -> None:
    assert set(re.findall(r"> (\d+)", asked_by(alert))) == {f"{limit.total_seconds():.0f}"}


def test_alerts_call_a_disk_full_where_staff_are_told_to_make_room() -> None:
    assert asked_by("StoreDiskFull").endswith(f" < {SCARCE_BYTES}")


def asked_by(alert: str) -> str:
    groups = read_yaml("prometheus/alerts.yml")["groups"]
    (rule,) = (rule for group in groups for rule in group["rules"] if rule["alert"] == alert)
    asked: str = rule["expr"]
    return asked


def told_in(rule: dict[str, Any]) -> list[str]:
    without_labels = re.sub(r"\{[^}]*\}", "", rule["expr"])
    return re.findall(r"\bstore_\w+", without_labels)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def on_sockets(name: str, folder: Path) -> str:
    """Return a site that listens in a folder and not at the machine's ports."""
    text = (DEPLOY / "nginx" / name).read_text(encoding="utf-8")
    text = text.replace("/etc/store/certificates", str(folder))
    return re.sub(r"listen (\d+)", rf"listen unix:{folder}/\1", text)


def certify(folder: Path) -> None:
    """Write the key and the certificate of a host that nobody asks for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.example.org")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(encoding, *plain))
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(encoding))
