# Runs, of each file that stands in rspec_tests.json, only the examples whose full descriptions stand there too.
require 'json'

selected = JSON.parse(File.read(File.join(__dir__, 'rspec_tests.json'), encoding: 'UTF-8'))
selected.transform_keys! { |path| File.expand_path(path) }

RSpec.configure do |config|
  config.filter_run_excluding(full_description: lambda { |description, metadata|
    tests = selected[File.expand_path(metadata[:rerun_file_path] || metadata[:file_path])]
    !tests.nil? && !tests.include?(description.strip)
  })
end
