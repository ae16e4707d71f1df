"""bitbucket-pipeline-runner for one local engine: no network, no privileged container, nothing left behind.

Usage: pipeline_runner_local.py --version | SETTINGS.json, where SETTINGS holds
  repository, pipeline, env_files  what to run (as the client's own options)
  work_dir      an empty folder that the engine can mount; each step's data lives in it
  image         the stand-in for the client's own helper images and for a step without image
  label         NAME=VALUE put on every container
  docker_binary the docker client that Bitbucket mounts into pipes
  pipes         {"owner/name:version": {"image": ..., "defaults": "path/of/pipe.yml"}} for `pipe:` references
  result        file for {"exit_code", "artifacts", "logs", "steps": [{"name", "index", "count", "exit_code"}]}

What is replaced, and why:
- every helper image (pause, git clone, artifacts, docker daemon) by the stand-in: they can't be pulled;
- the privileged docker daemon by a container that sleeps; steps get the engine's socket in its place;
- the step's data volume by a folder, because a pipe's --volume options name paths of the daemon's machine;
- pulling by a look at what is there;
- `on-fail: {strategy: ignore}`, which the client does not know, is obeyed;
- the client's exit code, which is 0 for a failed pipeline, by the real one.
"""

import json
import logging.config
import os
import shutil
import sys
from importlib.metadata import version

AGENT = "/opt/atlassian/pipelines/agent"
SOCKET = "/var/run/docker.sock"


def main() -> int:
    if sys.argv[1:] == ["--version"]:
        print(version("bitbucket-pipeline-runner"))
        return 0
    with open(sys.argv[1], encoding="utf-8") as file:
        settings = json.load(file)
    work = settings["work_dir"]
    os.environ["XDG_DATA_HOME"] = os.path.join(work, "data")
    os.environ["XDG_CACHE_HOME"] = os.path.join(work, "cache")
    os.environ["PIPELINE_RUNNER_COLOR"] = "false"

    # Imported only now: the client reads the environment while it is loaded.
    from docker.models.containers import ContainerCollection
    from pipeline_runner import container, models, runner, service
    from pipeline_runner.config import config

    config.volumes = [f"{SOCKET}:{SOCKET}"]
    logging.config.dictConfig(config.log_config)

    label, value = settings["label"].split("=", 1)
    stand_ins = {runner.ATLASSIAN_PAUSE_IMAGE, "alpine/git", "alpine"}
    plain_run = ContainerCollection.run

    def run_container(self, image, command=None, **options):
        if image in stand_ins:
            image = settings["image"]
            if "entrypoint" not in options:
                command = ["sleep", "86400"]
        options["labels"] = {label: value}
        if "volumes" in options:
            options["volumes"] = {
                os.path.join(work, "agent") if spec["bind"] == config.remote_pipeline_dir else source: spec
                for source, spec in options["volumes"].items()
            }
        # Neither the client's default network nor a bridge need exist; steps share the pause container's.
        options["network"] = options.get("network") or "host"
        return plain_run(self, image, command, **options)

    ContainerCollection.run = run_container

    def look_for_image(client, _step, image, platform=None):
        if image.name not in stand_ins:
            client.images.get(image.name)

    container.pull_image = look_for_image
    service.pull_image = look_for_image
    replace_docker_service(service, settings, run_container)
    replace_steps(runner, settings)
    replace_pipes(models, settings)

    request = runner.PipelineRunRequest(
        settings["pipeline"], repository_path=settings["repository"], env_files=settings["env_files"]
    )
    pipeline = runner.PipelineRunner(request)
    outcome = pipeline.run()
    context = pipeline._ctx  # noqa: SLF001
    with open(settings["result"], "w", encoding="utf-8") as file:
        json.dump(
            {
                "exit_code": outcome.exit_code or 0,
                "artifacts": context.get_artifact_directory(),
                "logs": context.get_log_directory(),
                "steps": STEPS,
            },
            file,
        )
    return outcome.exit_code or 0


STEPS: list[dict] = []


def replace_docker_service(service, settings, run_container):
    class SleepingService(service.ServiceRunner):
        """Takes the docker service's place and its memory; the engine itself is reached through its socket."""

        def __post_init__(self):
            self.service.image = service.Image(name=settings["image"])
            super().__post_init__()

        def _start_container(self):
            return run_container(
                self.docker_client.containers,
                settings["image"],
                ["sleep", "86400"],
                name=self.container_name,
                network=self.network_name,
                mem_limit=self._get_mem_limit(),
                detach=True,
            )

    service.DockerServiceRunner = SleepingService
    service.DockerServiceV3Runner = SleepingService


def replace_steps(runner, settings):
    import yaml

    with open(os.path.join(settings["repository"], "bitbucket-pipelines.yml"), encoding="utf-8") as file:
        may_fail = steps_that_may_fail(yaml.safe_load(file))
    plain_env = runner.StepRunner._get_step_env_vars  # noqa: SLF001
    plain_image = runner.StepRunner._get_image  # noqa: SLF001
    plain_step = runner.StepRunner.run

    def image(self):
        chosen = plain_image(self)
        name = settings["image"] if chosen.name == runner.DEFAULT_IMAGE else chosen.name.removeprefix("docker://")
        return chosen.model_copy(update={"name": name})

    def env(self):
        variables = plain_env(self)
        if "DOCKER_HOST" in variables:
            variables["DOCKER_HOST"] = f"unix://{SOCKET}"
        return variables

    def run_step(self):
        shutil.rmtree(os.path.join(settings["work_dir"], "agent"), ignore_errors=True)
        os.makedirs(os.path.join(settings["work_dir"], "agent"))
        code = plain_step(self)
        STEPS.append(
            {
                "name": self._step.name,
                "index": self._ctx.parallel_step_index,
                "count": self._ctx.parallel_step_count,
                "exit_code": code,
            }
        )
        return 0 if self._step.name in may_fail else code

    runner.StepRunner._get_image = image  # noqa: SLF001
    runner.StepRunner._get_step_env_vars = env  # noqa: SLF001
    runner.StepRunner.run = run_step


def steps_that_may_fail(node) -> set[str]:
    """Names of the steps with `on-fail: {strategy: ignore}`, anywhere in the file."""
    if isinstance(node, list):
        return set().union(*map(steps_that_may_fail, node))
    if not isinstance(node, dict):
        return set()
    found = set().union(*map(steps_that_may_fail, node.values()))
    if "script" in node and (node.get("on-fail") or {}).get("strategy") == "ignore":
        found.add(node.get("name", "<unnamed>"))
    return found


def replace_pipes(models, settings):
    import yaml

    plain_command = models.Pipe.as_cmd
    work = settings["work_dir"]

    def get_image(self):
        known = settings["pipes"].get(self.pipe)
        return known["image"] if known else self.pipe.removeprefix("docker://")

    def as_command(self):
        known = settings["pipes"].get(self.pipe)
        if known:
            with open(known["defaults"], encoding="utf-8") as file:
                declared = yaml.safe_load(file).get("variables") or []
            defaults = {each["name"]: str(each["default"]) for each in declared if "default" in each}
            self.variables = {**defaults, **self.variables}
        line = plain_command(self)
        line = line.replace(f"--volume={AGENT}/", f"--volume={work}/agent/")
        line = line.replace("--volume=/opt/atlassian/pipelines/bin/docker:", f"--volume={settings['docker_binary']}:")
        # The engine may have no bridge; on the host's network the pipe also reaches servers of the test.
        extra = f"--label={settings['label']} --network=host --add-host=host.docker.internal:127.0.0.1"
        return line.replace("docker run --rm ", f"docker run --rm {extra} ", 1)

    models.Pipe.get_image = get_image
    models.Pipe.as_cmd = as_command


if __name__ == "__main__":
    sys.exit(main())
