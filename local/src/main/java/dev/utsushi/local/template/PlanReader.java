package dev.utsushi.local.template;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** Reads a template to a plan, or finds everything that stands in the way. */
final class PlanReader {
  private final Problems problems = new Problems();
  private final TemplateFile template;
  private final Bindings bindings;
  private final Declarations declarations;
  private final Names names;

  private PlanReader(TemplateFile template, Bindings bindings) {
    this.template = template;
    this.bindings = bindings;
    declarations = new Declarations(template.root(), problems);
    names = new Names(template.stackName(), declarations, bindings.parameters(), problems);
  }

  /**
   * @throws TemplateException with every problem
   */
  static Plan read(TemplateFile template, Bindings bindings) {
    return new PlanReader(template, bindings).read();
  }

  private Plan read() {
    if (template.root().path("Resources") instanceof ObjectNode resources) {
      new ReferenceCheck(
              name ->
                  declarations.isDeclared(name) || !declarations.parameter(name).isMissingNode(),
              problems)
          .check(resources);
    }
    List<Planned> planned = new ArrayList<>(boundTables());
    declarations.all().map(this::planned).flatMap(Optional::stream).forEach(planned::add);
    Plan plan = new Plan(planned);
    new WiringCheck(plan, bindings, problems).check();
    problems.throwIfAny();
    return plan;
  }

  private List<Planned.Table> boundTables() {
    return bindings.tables().entrySet().stream().map(PlanReader::boundTable).toList();
  }

  private static Planned.Table boundTable(Map.Entry<String, List<KeyAttribute>> bound) {
    String arn = bound.getKey();
    String name = arn.replaceFirst("^.*:table/", "").replaceFirst("/stream/.*$", "");
    return new Planned.Table(
        name,
        name,
        arn,
        bound.getValue(),
        Optional.of(StreamViewType.NEW_AND_OLD_IMAGES),
        Optional.empty());
  }

  private Optional<Planned> planned(Declaration declared) {
    if (declared.type() == ResourceType.WITHOUT_MEANING) {
      return Optional.empty();
    }
    var properties =
        new Properties(
            declared.logicalId(), declared.properties(), new Intrinsics(names, problems), problems);
    Planned planned = read(declared, properties);
    properties.finish();
    return Optional.of(planned);
  }

  private Planned read(Declaration declared, Properties properties) {
    String id = declared.logicalId();
    return switch (declared.type()) {
      case TABLE -> TableReader.table(id, names.nameOf(declared), properties);
      case GLOBAL_TABLE -> TableReader.globalTable(id, names.nameOf(declared), properties);
      case QUEUE -> QueueReader.queue(id, names.nameOf(declared), properties);
      case FUNCTION ->
          new FunctionReader(template.assets(), bindings)
              .function(id, names.nameOf(declared), properties);
      case VERSION -> QualifierReader.version(id, names.versionOf(declared), properties);
      case ALIAS -> QualifierReader.alias(id, names.aliasOf(declared), properties);
      case EVENT_SOURCE_MAPPING -> MappingReader.mapping(id, properties);
      case DOMAIN -> DomainReader.domain(id, names.nameOf(declared), properties);
      case WITHOUT_MEANING -> throw new IllegalArgumentException(id + " has no meaning here");
    };
  }
}
